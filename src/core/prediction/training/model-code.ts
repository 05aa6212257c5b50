// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "a7870bfc0e8d23c4e79c8855224ff98dd0c4359e30f7b56a43917535f727b1f3";
