/** Whether an image is whole and genuine: every check of `verify`, what lies beside it, and who has signed it. */
export { checkImage, provenBy, type Checked, type CheckRequest, type Proves } from './check-image'
export { unproven, type Signatures } from './signatures'
