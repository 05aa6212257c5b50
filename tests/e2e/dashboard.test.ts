// The page as a trader meets it: `npm start`'s own command, a real Chromium, no stand-ins.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../tools/build.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const SHOTS = path.join(projectRoot, ".wrangler/screenshots");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe;
    return (await axe.run()).violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
  });
}

// Without a browser there is nothing to test: installing Debian's chromium is part of `npm test` where that is possible.
describe.skipIf(!existsSync(CHROMIUM))(`the dashboard in Chromium (skipped where ${CHROMIUM} is missing)`, () => {
  let start: ChildProcess;
  let browser: Browser;
  let address = "";

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    start = spawn(process.execPath, ["tools/start.ts", "--speed", "300", "--port", "8930"], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (start.stdout === null) throw new Error("no output");
    for await (const line of createInterface({ input: start.stdout })) {
      const match = /Dashboard\s+(\S+)/.exec(line);
      if (match?.[1] !== undefined) {
        address = match[1];
        break;
      }
    }
    expect(address).not.toBe("");
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
    });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => start.once("exit", resolve));
    start.kill("SIGINT");
    await ended;
  });

  const open = async (
    width: number,
    height: number,
    scheme: "dark" | "light",
  ): Promise<{ page: Page; outside: string[] }> => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!/^(https?|wss?):\/\/127\.0\.0\.1[:/]|^data:/.test(request.url())) outside.push(request.url());
    });
    await page.goto(address);
    return { page, outside };
  };

  test("shows the live day: clock, views, guardrails, orders and notifications, from our own origin only", async () => {
    const { page, outside } = await open(1440, 1000, "dark");
    await page.getByText("REPLAY", { exact: true }).waitFor();
    await page.getByRole("status").getByText("live", { exact: false }).waitFor();
    const clock = page.locator(".clock time");
    const before = await clock.textContent();
    await expect.poll(() => clock.textContent(), { timeout: 20_000 }).not.toBe(before);
    await expect.poll(() => page.locator(".view .spot").allTextContents(), { timeout: 60_000 }).not.toContain("–");
    // The replay trades: at 300× the first orders come within two minutes.
    await expect.poll(() => page.locator(".tape tbody tr").count(), { timeout: 150_000 }).toBeGreaterThan(0);
    await expect.poll(() => page.locator(".notices li").count(), { timeout: 60_000 }).toBeGreaterThan(0);
    await page.screenshot({ path: path.join(SHOTS, "desktop-dark.png"), fullPage: true });
    expect(outside).toEqual([]);
    await page.close();
  });

  test.each([
    ["desktop", 1280, 900, "light"],
    ["phone", 390, 844, "dark"],
  ] as const)("%s has no accessibility violation and no sideways scroll", async (name, width, height, scheme) => {
    const { page } = await open(width, height, scheme);
    await page.getByRole("status").getByText("live", { exact: false }).waitFor();
    await page.waitForTimeout(1_500);
    expect(await violationsOf(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: path.join(SHOTS, `${name}-${scheme}.png`), fullPage: true });
    await page.close();
  });

  test.each([
    ["desktop", 1440, 1000, "dark"],
    ["laptop", 1280, 900, "light"],
    ["phone", 390, 844, "dark"],
  ] as const)(
    "%s: risk, portfolio, records, what-if and the lab show figures, without violation or sideways scroll",
    async (name, width, height, scheme) => {
      const { page, outside } = await open(width, height, scheme);
      await page.getByRole("status").getByText("live", { exact: false }).waitFor();
      const screens = page.getByRole("navigation", { name: "Screens" });
      for (const [title, proof] of [
        ["Risk", page.getByRole("meter", { name: "Loss of the day, realised and open" })],
        ["Portfolio", page.getByText("Net today, after charges")],
        ["Records", page.getByRole("region", { name: "The latest checked orders" })],
        ["What if", page.getByRole("region", { name: "Option chain, one row for each strike" })],
        ["Lab", page.getByRole("button", { name: "Deploy to the account" })],
      ] as const) {
        await screens.getByRole("link", { name: title }).click();
        await proof.waitFor({ timeout: 60_000 });
        if (title === "Records") await page.getByRole("region", { name: "Comparisons with the venue" }).waitFor();
        if (title === "What if") {
          await page.getByRole("button", { name: "Iron condor" }).click();
          await page.getByText("Margin in all").waitFor({ timeout: 20_000 });
          expect(await page.getByRole("region", { name: "Legs of the basket" }).locator("tbody tr").count()).toBe(4);
          // Hands-free: this screen thinks, it does not trade.
          expect(await page.getByRole("button", { name: /order|buy|sell|place/i }).count()).toBe(0);
        }
        expect(await violationsOf(page), title).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
          0,
        );
        await page.screenshot({
          path: path.join(SHOTS, `${name}-${title.replace(" ", "-").toLowerCase()}.png`),
          fullPage: true,
        });
      }
      expect(outside).toEqual([]);
      await page.close();
    },
  );

  test("the lab deploys a strategy, plays a backtest on the shipped history and shows it with what it rests on", async () => {
    const { page, outside } = await open(1280, 900, "dark");
    await page.getByRole("link", { name: "Lab" }).click();
    await page.getByRole("button", { name: "RSI crossover, momentum" }).click();
    await page.getByRole("heading", { name: "RSI crossover, momentum" }).waitFor();
    await page.getByRole("button", { name: "Deploy to the account" }).click();
    const atWork = page.getByRole("region", { name: "Strategies at work, one row each" });
    await atWork.getByText("STOPPED").waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Backtest it" }).click();
    // What was chosen on the way here is what is played.
    expect(await page.getByLabel("Strategy", { exact: true }).inputValue()).toBe("rsi-crossover");
    await page.getByText("20 trading days, 2025-07-30 to 2025-08-28").waitFor();
    await page.getByLabel("From", { exact: true }).fill("2025-08-20");
    await page.getByRole("button", { name: "Run the backtest" }).click();
    await page
      .getByText(/^Backtest on past data, modelled prices 100\.0 % of \d+ fills\.$/)
      .waitFor({ timeout: 60_000 });
    await page.getByText("too few to tell skill from luck", { exact: false }).waitFor();
    expect(await page.getByText("Result after charges", { exact: true }).count()).toBe(1);
    expect(await page.getByRole("region", { name: "Result by month" }).locator("tbody tr").count()).toBe(1);
    expect(
      await page.getByRole("region", { name: "Trades, newest first" }).locator("tbody tr").count(),
    ).toBeGreaterThan(0);
    expect(await page.locator(".chart canvas").count()).toBe(2);
    const kept = page.waitForEvent("download");
    await page.getByRole("button", { name: "Keep the report as a file" }).click();
    expect((await kept).suggestedFilename()).toMatch(/^backtest-.+\.html$/);
    expect(await violationsOf(page)).toEqual([]);
    await page.screenshot({ path: path.join(SHOTS, "desktop-backtest.png"), fullPage: true });
    await page.getByRole("link", { name: "Models" }).click();
    await page.getByRole("heading", { name: "Who speaks" }).waitFor();
    await page.locator(".speaker").waitFor();
    // Trainings are an operator's: the demo key is not shown how.
    expect(await page.getByRole("button", { name: "Train a model" }).count()).toBe(0);
    expect(outside).toEqual([]);
    await page.close();
  });

  test("the lab makes a strategy of one's own: faults at their fields, kept, swept with its warning, and deployed", async () => {
    const { page, outside } = await open(390, 844, "light");
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Lab" }).click();
    await page.getByRole("button", { name: "Opening-range breakout" }).click();
    await page.getByRole("button", { name: "Copy and change it" }).click();
    const definition = page.getByLabel("Definition", { exact: true });
    const sound = await definition.inputValue();
    await definition.fill(sound.replace('"sizing"', '"size"'));
    const faults = page.getByRole("list", { name: "What is wrong with it" });
    await faults.getByText("the format has no such field here", { exact: false }).waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Keep the strategy" }).click();
    // What is wrong is not kept; the field is found by the keyboard.
    await faults.getByRole("button", { name: /^Line \d+, size$/ }).press("Enter");
    const selected = await definition.evaluate((area) => {
      const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(selected).toMatch(/^"size": /);
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: path.join(SHOTS, "phone-editor.png"), fullPage: true });
    await definition.fill(sound);
    await page.getByText("It can be kept.").waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Keep the strategy" }).click();
    await page.getByRole("button", { name: "New version" }).waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Deploy to the account" }).click();
    await page.getByText("is deployed and stopped", { exact: false }).waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Backtest it" }).click();
    await page.getByLabel("From", { exact: true }).fill("2025-08-26");
    await page.getByText("Sweep: try several values").click();
    await page.locator("#sweep-stopAtr").fill("1, 2");
    await page.getByRole("button", { name: "Run the sweep of 2 sets" }).click();
    const swept = page.getByRole("region", { name: "Sets of the sweep, best first" });
    await swept.waitFor({ timeout: 90_000 });
    expect(await swept.locator("tbody tr").count()).toBe(2);
    await page.getByText(/was picked from 2 variants/).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.screenshot({ path: path.join(SHOTS, "phone-sweep.png"), fullPage: true });
    await page.getByRole("link", { name: "Models" }).click();
    // The shipped model is shown with the evidence and the hashes that it came with.
    await page.getByRole("heading", { name: "What it came with" }).waitFor({ timeout: 90_000 });
    await page.getByRole("region", { name: "makes money: stated against observed" }).waitFor();
    expect(await page.locator(".hash").allTextContents()).toHaveLength(3);
    expect(await violationsOf(page)).toEqual([]);
    expect(outside).toEqual([]);
    await page.close();
  });

  test("the API reference works from our own origin", async () => {
    const page = await browser.newPage();
    await page.goto(new URL("/docs/", address).href);
    await page.getByText("AurumHarmony API").first().waitFor();
    await page.locator(".opblock-tag", { hasText: "Orders" }).click({ timeout: 20_000 });
    await expect.poll(() => page.locator(".opblock").count(), { timeout: 20_000 }).toBeGreaterThan(20);
    await page.close();
  });

  test("the kill switch asks for a word, then stops everything by keyboard alone", async () => {
    const { page } = await open(1280, 900, "dark");
    await page.getByRole("status").getByText("live", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Stop everything" }).first().focus();
    await page.keyboard.press("Enter");
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Stop everything" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Type STOP to confirm").fill("STOP");
    await confirm.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Trading is stopped").waitFor({ timeout: 20_000 });
    await page.close();
  });
});
