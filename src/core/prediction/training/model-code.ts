// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "d8864ba81d47028d0fc361e244c77c16b72f0dea6cc80bff0d9bd4dd663ad645";
