// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "ecd96580f9a3160b76fb6e0f7c4872f0d560649580f2333dc2d4bc6bda943217";
