/** An event whose default can be prevented, with what else it carries. */
export function preventable<Details extends object>(details?: Details) {
  return {
    ...(details as Details),
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
}
