// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "9e5ebd9c37eb914a363eced826ffb1f1cf66eaf15cb3b916e10b857e9bc513a1";
