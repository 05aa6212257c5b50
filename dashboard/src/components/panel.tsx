// A titled part of a screen, and what stands in it while there is nothing to show.
import type { ComponentChildren } from "preact";

export interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly remark?: string;
  /** Columns of twelve; the whole width on small screens. */
  readonly wide?: 4 | 6 | 8 | 12;
  readonly children: ComponentChildren;
}

export const Panel = ({ id, title, remark, wide = 12, children }: PanelProps) => (
  <section class={`panel span-${wide}`} aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>
      <span>{title}</span>
      {remark !== undefined && <small>{remark}</small>}
    </h2>
    {children}
  </section>
);

export const Waiting = ({ failure }: { readonly failure: string | null }) => (
  <p class="empty">{failure === null ? "Asking …" : `No answer: ${failure}`}</p>
);

export function Meter(props: {
  readonly label: string;
  readonly percent: number | null;
  readonly text: string;
  readonly note?: string;
}) {
  const share = Math.max(0, Math.min(100, props.percent ?? 100));
  const tone = share >= 100 ? "full" : share >= 75 ? "warn" : "";
  return (
    <div class="guard">
      <div>
        <span>
          {props.label} {props.note !== undefined && <span class="tag">{props.note}</span>}
        </span>
        <span class="text">{props.text}</span>
      </div>
      <div
        class={`meter ${tone}`}
        role="meter"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share)}
        aria-valuetext={props.text}
      >
        <span style={`width:${share}%`} />
      </div>
    </div>
  );
}
