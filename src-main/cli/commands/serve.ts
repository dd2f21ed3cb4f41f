export function serve(): Promise<number> {
  return Promise.resolve(2)
}
