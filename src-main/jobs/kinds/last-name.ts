/** The last part of a path of any system; the path itself where it has none. */
export function lastName(path: string): string {
  return (
    path
      .split(/[/\\]/)
      .filter((name) => name !== '')
      .at(-1) ?? path
  )
}
