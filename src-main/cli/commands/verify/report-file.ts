import { verifyPage, type VerifyPageFacts } from '../../../../src-shared/model'
import type { ByteMap } from '../../../engine'

/** What a report tells. */
export interface ReportContent extends VerifyPageFacts {
  signatures: readonly unknown[]
}

/** As JSON, or as a page where the name ends like one. @param name of the file */
export function reportText(name: string, content: ReportContent, map: ByteMap): string {
  if (!/\.html?$/i.test(name)) return `${JSON.stringify(content, null, 2)}\n`
  return verifyPage(content, map)
}
