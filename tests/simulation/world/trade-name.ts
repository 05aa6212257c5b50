// Slices and legs of one intent are one trade; an order id says whose part it is.

/** The order or list that an order belongs to: itself, unless it is a slice. */
export const tradeName = (clientOrderId: string): string =>
  clientOrderId.replace(/(?:_leg_\d+)?_split_\d+(?:_r\d+)?$/, "");

/** What an order opens is counted under: its list, whole, or its own contract. */
export const openName = (clientOrderId: string, instrumentId: string): string => {
  const name = tradeName(clientOrderId);
  return name === clientOrderId ? instrumentId : name;
};

/** Legs of different contracts make one trade of their own, whatever else is held of each. */
export const isOfCombination = (clientOrderId: string): boolean => /_leg_\d+_split_\d+(?:_r\d+)?$/.test(clientOrderId);
