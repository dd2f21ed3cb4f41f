import type { DiagnosticLog } from '../../core/diagnostic-log'
import { Likelihood } from '../../core/likelihood'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { Container } from '../container'
import { rightWayRound } from '../sectors/swapped-sectors'
import { blankSectors, detectSectorLayout, layoutLabel, RawSectorSource } from '../sectors/raw-sectors'

/** CD sectors with everything around their user data. The first may be blank, so that only opening tells. */
export const rawSectors: Container = {
  id: 'raw-sectors',
  probe: () => Likelihood.maybe,
  open: async (file, { name, log }) => {
    const source = await rightWayRound(file, name, log)
    const tolerant = new TolerantSource(source, log)
    const layout = await detectSectorLayout(tolerant)
    if (layout === null) return null
    reportBlank(await blankSectors(tolerant, layout), log)
    return { blocks: new RawSectorSource(source, layout), labels: [layoutLabel(layout)], isDisc: true }
  },
}

function reportBlank(sectors: readonly number[], log: DiagnosticLog): void {
  const [first] = sectors
  if (first === undefined) return
  const which = sectors.length === 1 ? `Sector ${first}` : `${sectors.length} sectors from ${first} on`
  log.warn('SECTOR_BLANK', `${which} of the system area cannot have been read: what the file holds is no sector.`)
}
