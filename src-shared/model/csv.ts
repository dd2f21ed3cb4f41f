/**
 * One field of a CSV file as RFC 4180 has it. A leading `=`, `+`, `-`, `@` is disarmed by an apostrophe, since
 * spreadsheets run those.
 */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
