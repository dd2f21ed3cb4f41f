import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter'

/**
 * Says at the end which hosts the window was driven in: a green run that skipped the desktop must not look whole. And
 * which specs passed only when they were tried again: somebody has a race to find.
 */
export default class HostsReporter implements Reporter {
  private readonly hosts = new Set<string>()
  private desktop = 'no runtime'
  private all: Suite | null = null

  onBegin(_config: FullConfig, all: Suite): void {
    this.all = all
  }

  onTestEnd(test: TestCase): void {
    for (const { type, description } of test.annotations) {
      if (type === 'host' && description) this.hosts.add(description)
      if (type === 'desktop' && description) this.desktop = description
    }
  }

  onEnd(): void {
    const desktop = this.hosts.has('desktop') ? 'yes' : this.desktop
    process.stdout.write(`\nHosts exercised: web: ${this.hosts.has('web') ? 'yes' : 'no'}, desktop: ${desktop}\n`)
    const unsteady = (this.all?.allTests() ?? []).filter((test) => test.outcome() === 'flaky')
    for (const test of unsteady)
      process.stdout.write(`UNSTEADY, passed only on a second try: ${test.titlePath().slice(2).join(' › ')}\n`)
  }
}
