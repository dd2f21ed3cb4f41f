/** An event whose default can be prevented, with what else it carries. */
export function preventable(details: object = {}) {
  return {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
}
