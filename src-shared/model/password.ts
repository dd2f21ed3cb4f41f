/** A tab can be typed; other control characters, halves of characters, and what stands for unreadable bytes cannot. */
const UNTYPEABLE = /[\p{Cs}\uFFFD]|(?!\t)\p{Cc}/u

/** Whether a person can type a password again when an archive asks for it: one that nobody can type locks it for good. */
export function isTypeable(password: string): boolean {
  return !UNTYPEABLE.test(password)
}
