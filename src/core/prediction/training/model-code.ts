// Written by `npm run model-code` whenever a source that makes models changes; see tools/models/model-code.ts.
export const MODEL_CODE_SHA256 = "05868a79c82fd95b2fa45ac775bf4aa397bb7d35b0871aa94f380b592147c0de";
