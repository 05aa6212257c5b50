// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "7dcaab60803072446c57e050ac415dfe0b731bb88f334ff2bf89c57a3b8eb2fe";
