// A pure function that remembers the last thing it was asked and what it answered. A decision asks the same of one state again
// and again, so one memory is enough; a weak map of all would cost more than it spares, for states come and go by the thousand.

/** Asks are told apart by identity: what is asked about never changes. */
export function rememberingLast<Asked extends object, Answer>(answer: (asked: Asked) => Answer) {
  let last: { readonly asked: Asked; readonly answered: Answer } | null = null;
  return (asked: Asked): Answer => {
    if (last?.asked !== asked) last = { asked, answered: answer(asked) };
    return last.answered;
  };
}
