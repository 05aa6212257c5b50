// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "08f9a261d0307cf97f70b3611ca287094527065e34c614a29723ffe39287cfe5";
