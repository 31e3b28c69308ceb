package rt

import "time"

func Sleep(d time.Duration)                           { time.Sleep(d) }
func After(d time.Duration) <-chan time.Time          { return time.After(d) }
func Tick(d time.Duration) <-chan time.Time           { return time.Tick(d) }
func NewTimer(d time.Duration) *time.Timer            { return time.NewTimer(d) }
func NewTicker(d time.Duration) *time.Ticker          { return time.NewTicker(d) }
func AfterFunc(d time.Duration, f func()) *time.Timer { return time.AfterFunc(d, f) }
func Now() time.Time                                  { return time.Now() }
func Since(t time.Time) time.Duration                 { return time.Since(t) }
func Until(t time.Time) time.Duration                 { return time.Until(t) }
func TimerStop(t *time.Timer) bool                    { return t.Stop() }
func TimerReset(t *time.Timer, d time.Duration) bool  { return t.Reset(d) }
func TickerStop(t *time.Ticker)                       { t.Stop() }
func TickerReset(t *time.Ticker, d time.Duration)     { t.Reset(d) }
