import { LinkCheck, linkProblem, type LookAtDestination } from './link-check'
import { makePlan, SYNTHETIC, type Plan } from './plan'
import type { NameRules } from './safe-names'

/**
 * As {@link makePlan}, and where several things want one name, what is not written anyway takes it from none that is: a
 * number is for a name that is really taken.
 * @param look what is at the destination already
 * @param systems every system on which links must stay inside; absent: the one that the names are for
 */
export function settledPlan(
  asked: Parameters<typeof makePlan>,
  look?: LookAtDestination,
  systems: readonly NameRules[] = [asked[3]],
): Plan {
  const plan = makePlan(...asked)
  if (!plan.hasNumbered) return plan
  const notWritten = neverWritten(
    plan,
    systems.map((rules) => new LinkCheck(plan, rules, look)),
  )
  const [table, selection, layout, rules, folder, names] = asked
  return notWritten.size === 0 ? plan : makePlan(table, selection, layout, rules, folder, names, notWritten)
}

/** Nodes of which it is known beforehand that nothing comes: lost, of a kind that is not written, links that lead out. */
function neverWritten(plan: Plan, checks: readonly LinkCheck[]): ReadonlySet<number> {
  const found = new Set<number>()
  const { table } = plan
  for (let node = 1; node < plan.length; node++) {
    const entry = plan.entryOf(node)
    if (entry === SYNTHETIC) continue
    const kind = table.kindOf(entry)
    if (kind === 'directory') continue
    if (table.statusOf(entry) === 'lost') found.add(node)
    else if (kind === 'symlink') {
      const staysInside = checks.every((check) => check.staysInside(node))
      if (linkProblem(table.targetOf(entry) ?? '', staysInside) !== null) found.add(node)
    } else if (kind !== 'file') found.add(node)
  }
  return found
}
