// Rupee amounts for people, grouped the Indian way. Written out by hand: what a runtime's locale data says may differ from one
// release to the next, and these texts are compared byte for byte.
import { formatRupees, type Paise } from "../kernel/money.ts";

/** "₹1,23,456.70"; a minus sign stands before the rupee sign. */
export function formatIndianRupees(amountPaise: Paise): string {
  const [whole = "0", fraction = "00"] = formatRupees(amountPaise).replace("-", "").split(".");
  return `${amountPaise < 0 ? "-" : ""}₹${groupIndian(whole)}.${fraction}`;
}

/** Three digits at the end, then pairs: lakh and crore. */
function groupIndian(digits: string): string {
  const head = digits.slice(0, -3);
  const tail = digits.slice(-3);
  return head === "" ? tail : `${head.replace(/\B(?=(?:\d{2})+$)/g, ",")},${tail}`;
}
