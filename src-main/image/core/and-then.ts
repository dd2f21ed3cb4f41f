import type { MaybePromise } from './byte-source'

/** Goes on with a value: at once where it is there, since waiting for what is there costs more than most that is done with it. */
export function andThen<Value, Result>(
  value: MaybePromise<Value>,
  use: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(use) : use(value)
}
