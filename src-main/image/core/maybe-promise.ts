import type { MaybePromise } from './byte-source'

/** Goes on with a value: at once where it is at hand, so that whole chains stay synchronous over a file. */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
