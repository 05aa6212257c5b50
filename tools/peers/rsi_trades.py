"""The trades of the RSI(14) 70/30 rule, made by backtrader or backtesting.py, beside those of `npm run backtest`.

The rule: after a bar whose RSI(14) lies below 30, buy one unit at the next open if nothing is held; after one whose RSI lies above
70, sell it at the next open. Positions are carried over night; no costs. backtrader brings its own RSI (Wilder's); backtesting.py
has none, so one is written out here from Wilder's definition. The bars are read here too, by pandas.

    npm run backtest -- --strategy rsi-crossover --underlying NIFTY50 --from 2015-01-01 --to 2019-12-31 --bar 1m \
        --polarity contrarian --trigger level --sides long --memory continuous --overnight --costs none --units 1 --stop 0 --replay-days \
        --trades --json > ours.json
    PYTHONPATH=<checkout> python3 tools/peers/rsi_trades.py backtrader <data folder> ours.json

Needs Debian's python3-pandas and a checkout of the peer (backtrader 1.9.78, GPL-3.0; backtesting.py, AGPL-3.0). Nothing of them
is part of this project.
"""

import glob
import json
import os
import sys
import time
import types

import pandas as pd


def bars_of(data):
    files = sorted(glob.glob(os.path.join(data, "index", "1m", "NIFTY50-1m-201[5-9].csv.gz")))
    frame = pd.concat(pd.read_csv(file, usecols=range(5)) for file in files)
    frame.columns = ["Time", "Open", "High", "Low", "Close"]
    frame.index = pd.to_datetime(frame.pop("Time").str.slice(0, 19))
    return frame


def backtrader_trades(frame):
    import backtrader as bt

    class Rule(bt.Strategy):
        def __init__(self):
            self.rsi = bt.indicators.RSI(self.data.close, period=14)
            self.bought, self.trades = None, []

        def notify_order(self, order):
            if order.status != order.Completed:
                return
            deal = (bt.num2date(order.executed.dt), order.executed.price)
            if order.isbuy():
                self.bought = deal
            else:
                self.trades.append((*self.bought, *deal))

        def next(self):
            if not self.position and self.rsi[0] < 30:
                self.buy(size=1)
            elif self.position and self.rsi[0] > 70:
                self.sell(size=1)

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame, timeframe=bt.TimeFrame.Minutes, volume=None, openinterest=None))
    cerebro.addstrategy(Rule)
    cerebro.broker.setcash(10_000_000)
    (rule,) = cerebro.run()
    return rule.trades


def backtesting_trades(frame):
    # Its plots are not wanted, and what they need is not in Debian: an inert stand-in takes the place of bokeh.
    class Inert(types.ModuleType):
        __path__ = []

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return Inert(name)

        def __call__(self, *_, **__):
            return Inert("call")

        def __iter__(self):
            return iter(())

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            import importlib.machinery

            return importlib.machinery.ModuleSpec(name, Finder, is_package=True) if name.split(".")[0] == "bokeh" else None

        @staticmethod
        def create_module(spec):
            return Inert(spec.name)

        @staticmethod
        def exec_module(module):
            pass

    sys.meta_path.insert(0, Finder)
    from backtesting import Backtest, Strategy

    def wilder_rsi(close, period=14):
        close = list(close)
        gains = losses = 0.0
        out = [float("nan")] * len(close)
        for at in range(1, len(close)):
            change = close[at] - close[at - 1]
            gain, loss = max(change, 0.0), max(-change, 0.0)
            if at <= period:
                gains, losses = gains + gain / period, losses + loss / period
            else:
                gains, losses = (gains * (period - 1) + gain) / period, (losses * (period - 1) + loss) / period
            if at >= period:
                out[at] = 50.0 if gains + losses == 0 else 100 * gains / (gains + losses)
        return out

    class Rule(Strategy):
        def init(self):
            self.rsi = self.I(wilder_rsi, self.data.Close)

        def next(self):
            if not self.position and self.rsi[-1] < 30:
                self.buy(size=1)
            elif self.position and self.rsi[-1] > 70:
                self.position.close()

    done = Backtest(frame, Rule, cash=10_000_000, commission=0).run()["_trades"]
    return list(zip(done.EntryTime, done.EntryPrice, done.ExitTime, done.ExitPrice))


def main(peer, data, ours_file):
    frame = bars_of(data)
    started = time.perf_counter()
    theirs = {"backtrader": backtrader_trades, "backtesting": backtesting_trades}[peer](frame)
    seconds = time.perf_counter() - started
    result = json.load(open(ours_file))
    ours = [
        (t["entryTime"], t["entryPaise"], t["exitTime"], t["exitPaise"])
        for t in result["trades"]
        if t["reason"] != "SERIES_END"
    ]
    theirs = [
        (pd.Timestamp(a).round("s").strftime("%Y-%m-%d %H:%M:%S"), round(p * 100), pd.Timestamp(b).round("s").strftime("%Y-%m-%d %H:%M:%S"), round(q * 100))
        for a, p, b, q in theirs
    ]
    differing = [(o, t) for o, t in zip(ours, theirs) if o != t]
    print(f"{peer}: {len(frame)} bars in {seconds:.1f} s ({len(frame) / seconds:,.0f} bars/s); ours has {result['bars']} bars")
    print(f"trades: ours {len(ours)}, theirs {len(theirs)}, differing {len(differing) + abs(len(ours) - len(theirs))}")
    gross = sum(t[3] - t[1] for t in theirs), sum(t[3] - t[1] for t in ours)
    print(f"sum of results in paise: theirs {gross[0]}, ours {gross[1]}")
    for pair in differing[:10]:
        print("  ours", pair[0], "theirs", pair[1])
    return 0 if ours == theirs else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
