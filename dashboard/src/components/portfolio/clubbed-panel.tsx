// The linked accounts of one holder, side by side and together. Only an operator's key reaches holders; no other is shown how.
import { useState } from "preact/hooks";
import { level, paiseOf, rupees, signedRupees, toneOf } from "../../money.ts";
import { useAnswer } from "../lab/answer.ts";
import { Field } from "../lab/parts.tsx";
import { Panel, Waiting } from "../panel.tsx";
import { sharesText } from "./shares.ts";

interface Sums {
  readonly capital: string;
  readonly cash: string;
  readonly realised: string;
  readonly charges: string;
  readonly unrealised: string;
  readonly net: string;
}

interface Clubbed extends Sums {
  readonly holderId: string;
  readonly positions: readonly {
    readonly instrumentId: string;
    readonly netUnits: number;
    readonly cost: string;
    readonly unrealised: string | null;
    readonly accounts: readonly { readonly accountId: string; readonly netUnits: number }[];
  }[];
  readonly accounts: readonly (Sums & { readonly accountId: string; readonly positions: number })[];
}

const LOOK_EVERY_MS = 5_000;

export function ClubbedPanel() {
  const [holderId, setHolderId] = useState<string | null>(null);
  const path = holderId === null ? null : `/v1/holders/${encodeURIComponent(holderId)}/portfolio`;
  const { data, failure } = useAnswer<Clubbed>(path, LOOK_EVERY_MS);
  return (
    <Panel id="clubbed" title="Linked accounts of a holder" remark="sums for the eye: money and limits stay apart">
      <AskHolder onAsk={setHolderId} />
      {holderId === null ? (
        <p class="empty">Name a holder to see the linked accounts side by side and together.</p>
      ) : data === null ? (
        <Waiting failure={failure} />
      ) : data.accounts.length === 0 ? (
        <p class="empty">No account is linked to {data.holderId}.</p>
      ) : (
        <>
          <Accounts clubbed={data} />
          <Positions clubbed={data} />
        </>
      )}
    </Panel>
  );
}

function AskHolder({ onAsk }: { onAsk: (holderId: string) => void }) {
  const [typed, setTyped] = useState("");
  return (
    <form
      class="lab-form"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(typed.trim());
      }}
    >
      <div class="fields">
        <Field id="holder" label="Holder" hint="the id it was opened with">
          <input
            id="holder"
            class="field"
            required
            maxLength={32}
            pattern="[A-Za-z0-9_\-]+"
            autocomplete="off"
            aria-describedby="holder-hint"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
      </div>
      <button type="submit" class="button">
        Show the accounts
      </button>
    </form>
  );
}

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);

const Signed = ({ text }: { text: string | null }) => {
  const paise = paiseOf(text);
  return <td class={`number ${toneOf(paise)}`}>{signedRupees(paise)}</td>;
};

const SumsRow = ({ name, sums, positions }: { name: string; sums: Sums; positions: number }) => (
  <tr>
    <th scope="row" style="color:inherit">
      {name}
    </th>
    <td class="number">{rupees(paiseOf(sums.capital))}</td>
    <td class="number">{rupees(paiseOf(sums.cash))}</td>
    <Signed text={sums.realised} />
    <Signed text={sums.unrealised} />
    <td class="number">{rupees(paiseOf(sums.charges))}</td>
    <Signed text={sums.net} />
    <td class="number">{positions}</td>
  </tr>
);

const Accounts = ({ clubbed }: { clubbed: Clubbed }) => (
  <section class="scroll apart" tabIndex={0} aria-label="Linked accounts, one row each, and together">
    <table>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <Column>Capital</Column>
          <Column>Cash</Column>
          <Column>Realised</Column>
          <Column>Open</Column>
          <Column>Charges</Column>
          <Column>Net today</Column>
          <Column>Positions</Column>
        </tr>
      </thead>
      <tbody>
        {clubbed.accounts.map((one) => (
          <SumsRow key={one.accountId} name={one.accountId} sums={one} positions={one.positions} />
        ))}
        <SumsRow name="Together" sums={clubbed} positions={clubbed.positions.length} />
      </tbody>
    </table>
  </section>
);

const Positions = ({ clubbed }: { clubbed: Clubbed }) =>
  clubbed.positions.length === 0 ? (
    <p class="empty">Flat. No linked account holds anything.</p>
  ) : (
    <section class="scroll apart" tabIndex={0} aria-label="Positions of the linked accounts together">
      <table>
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <Column>Net units</Column>
            <Column>Cost</Column>
            <Column>Open result</Column>
            <th scope="col">Held by</th>
          </tr>
        </thead>
        <tbody>
          {clubbed.positions.map((one) => (
            <tr key={one.instrumentId}>
              <th scope="row" style="color:inherit">
                {one.instrumentId}
              </th>
              <td class="number">{one.netUnits}</td>
              <td class="number">{level(paiseOf(one.cost))}</td>
              <Signed text={one.unrealised} />
              <td class="wrap">{sharesText(one.accounts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
