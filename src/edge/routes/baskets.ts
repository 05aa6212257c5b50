// The calculators of a basket of options: what it requires, and what it earns or loses. Nothing is written, nothing traded.
import { CHARGES_FROM } from "../../core/charges/charge-rates.ts";
import { type BasketRefusal, MarginQuestion, PayoffQuestion } from "../basket-question.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { MarginAnswer, marginAnswer } from "../margin-body.ts";
import { PayoffAnswer, payoffAnswer } from "../payoff-body.ts";
import { problem } from "../problem.ts";

/** The leg that no table knows, and why. */
const refused = ({ field, detail }: BasketRefusal) => ({
  detail,
  errors: [{ field, message: detail, limit: null, value: null, unit: null }],
});

export function openBaskets(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/calculators/margin",
      operationId: "calculateMargin",
      tag: "Calculators",
      summary: "The margin of a basket of options, part by part",
      scopes: [],
      request: { body: takes(MarginQuestion) },
      responses: { 200: answers(MarginAnswer, "An approximation of SPAN, with exposure and expiry day.") },
      errors: ["CONTRACT_TERMS_UNKNOWN"],
    },
    (c) => {
      const answer = marginAnswer(c.req.valid("json"));
      return answer.ok ? c.json(answer.value, 200) : problem(c, answer.error.code, refused(answer.error));
    },
  );

  openRoute(
    app,
    {
      method: "post",
      path: "/v1/calculators/payoff",
      operationId: "calculatePayoff",
      tag: "Calculators",
      summary: "The payoff of a basket of options, charges counted",
      scopes: [],
      request: { body: takes(PayoffQuestion) },
      responses: { 200: answers(PayoffAnswer, "Curve, breakevens, extremes, probability and greeks.") },
      errors: ["CHARGES_DATE_UNKNOWN", "CONTRACT_TERMS_UNKNOWN"],
    },
    (c) => {
      const question = c.req.valid("json");
      if (question.date < CHARGES_FROM) return problem(c, "CHARGES_DATE_UNKNOWN");
      const answer = payoffAnswer(question);
      return answer.ok ? c.json(answer.value, 200) : problem(c, answer.error.code, refused(answer.error));
    },
  );
}
