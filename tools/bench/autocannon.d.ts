// The part of autocannon that the bench uses; the package ships no types.
declare module "autocannon" {
  interface Client {
    setBody(body: string): void;
    setHeadersAndBody(headers: Record<string, string>, body: string): void;
    on(event: "response", listener: (statusCode: number, bytes: number, responseMs: number) => void): void;
  }
  interface Options {
    url: string;
    method: string;
    connections: number;
    /** Seconds; or an amount of requests. */
    duration?: number;
    amount?: number;
    setupClient(client: Client): void;
  }
  interface Instance {
    on(event: "error", listener: (error: Error) => void): void;
  }
  export default function autocannon(options: Options, done: (error: Error | null) => void): Instance;
}
