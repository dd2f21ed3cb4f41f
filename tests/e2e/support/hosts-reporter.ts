import type { Reporter, TestCase } from '@playwright/test/reporter'

/** Says at the end which hosts the window was driven in: a green run that skipped the desktop must not look whole. */
export default class HostsReporter implements Reporter {
  private readonly hosts = new Set<string>()
  private desktop = 'no runtime'

  onTestEnd(test: TestCase): void {
    for (const { type, description } of test.annotations) {
      if (type === 'host' && description) this.hosts.add(description)
      if (type === 'desktop' && description) this.desktop = description
    }
  }

  onEnd(): void {
    const desktop = this.hosts.has('desktop') ? 'yes' : this.desktop
    process.stdout.write(`\nHosts exercised: web: ${this.hosts.has('web') ? 'yes' : 'no'}, desktop: ${desktop}\n`)
  }
}
