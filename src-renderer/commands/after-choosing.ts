import type { ImageLocation } from '../../src-shared/contract'
import { t } from '../base/locales'
import { useImages } from '../data/stores/images'
import { usePanes } from '../data/stores/panes'
import { imageAddress } from './actions'
import { chooseImage } from './choose-folder'
import type { Command } from './command'

type Condition = Required<Pick<Command, 'isEnabled' | 'whyNot'>>

/**
 * What is done with an image. In a start page none is meant: it asks which one, opens that, and goes on.
 * @param title says what the image is asked for
 */
export function orAfterChoosing(
  title: string,
  condition: Condition,
  run: () => unknown,
): Condition & Pick<Command, 'run'> {
  const isStart = (): boolean => usePanes().activeTab.address.kind === 'start'
  return {
    isEnabled: () => isStart() || condition.isEnabled(),
    whyNot: condition.whyNot,
    run: () => (isStart() ? chooseAnd(t(title), run) : run()),
  }
}

async function chooseAnd(title: string, run: () => unknown): Promise<void> {
  await chooseImage({
    title,
    confirm: t('guide.choose'),
    startAt: '',
    isImage: true,
    async submit(path) {
      const location: ImageLocation = { kind: 'path', path, inside: [] }
      // What is no image is said where it was chosen.
      await useImages().open(location)
      await usePanes().openImage(imageAddress(location))
      await run()
    },
  })
}
