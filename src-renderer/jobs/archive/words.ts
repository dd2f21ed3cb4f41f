import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Creating an archive of {source} in {destination}',
    ended: 'Created an archive of {source} in {destination}',
    done: 'Created {name}, {size}',
  },
  ar: {
    title: 'إنشاء أرشيف من {source} في {destination}',
    ended: 'أُنشئ أرشيف من {source} في {destination}',
    done: 'أُنشئ {name}، {size}',
  },
  de: {
    title: 'Archiv von {source} in {destination} erstellen',
    ended: 'Archiv von {source} in {destination} erstellt',
    done: '{name} erstellt, {size}',
  },
  es: {
    title: 'Creando un archivo comprimido de {source} en {destination}',
    ended: 'Archivo comprimido de {source} creado en {destination}',
    done: 'Creado {name}, {size}',
  },
  ja: {
    title: '{source} のアーカイブを {destination} に作成中',
    ended: '{source} のアーカイブを {destination} に作成しました',
    done: '{name} を作成しました ({size})',
  },
  'zh-CN': {
    title: '在 {destination} 中创建 {source} 的压缩包',
    ended: '已在 {destination} 中创建 {source} 的压缩包',
    done: '已创建 {name}，{size}',
  },
} satisfies JobWords
