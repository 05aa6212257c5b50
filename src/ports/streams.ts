// What the edge and an object say to each other of a stream, in headers, because an upgrade is a request and no call.

/** Of the request: whose the socket is. */
export const STREAM_OWNER = "x-stream-owner";
/** Of a 429: how many sockets one may have. A 503 says that all places are taken. */
export const STREAMS_OF_ONE_MAX = "x-streams-of-one-max";
