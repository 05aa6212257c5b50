// Who is asking, and for what they may ask. Today that is an API key or the operator; people who log in become a further
// kind and nothing behind the edge notices.
export const SCOPES = [
  "account:read",
  "orders:read",
  "orders:write",
  "limits:write",
  "market:read",
  "session:control",
  "lab:read",
  "lab:write",
  "ledger:read",
  "reports:read",
  "keys:write",
  "accounts:write",
  "operations:read",
  "operations:write",
] as const;
export type Scope = (typeof SCOPES)[number];

/** These reach beyond one account, so a key that belongs to an account never has them. */
const PLATFORM_SCOPES: readonly Scope[] = ["accounts:write", "operations:read", "operations:write"];

export interface Principal {
  readonly kind: "API_KEY" | "OPERATOR";
  /** Names the key in logs and limits; it is no secret. */
  readonly keyId: string;
  /** The one account this principal may reach. Null: none of its own; the operator reaches every account by its path. */
  readonly accountId: string | null;
  readonly scopes: readonly Scope[];
}

export const OPERATOR: Principal = { kind: "OPERATOR", keyId: "operator", accountId: null, scopes: SCOPES };

export const mayHold = (accountId: string | null, scope: Scope): boolean =>
  accountId === null || !PLATFORM_SCOPES.includes(scope);

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
