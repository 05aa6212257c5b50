// Who holds how much of a contract.

/** "U001 75, U002 −75": what offsets only to the eye is seen to. */
export const sharesText = (accounts: readonly { readonly accountId: string; readonly netUnits: number }[]): string =>
  accounts.map(({ accountId, netUnits }) => `${accountId} ${netUnits < 0 ? "−" : ""}${Math.abs(netUnits)}`).join(", ");
