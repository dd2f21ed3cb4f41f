import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Reading {source}',
    ended: 'Read {source}',
    done: 'Created {name}, {size}',
    damaged: 'Damaged files: {n}',
  },
  ar: {
    title: 'قراءة {source}',
    ended: 'قُرئ {source}',
    done: 'أُنشئ {name}، {size}',
    damaged: 'الملفات التالفة: {n}',
  },
  de: {
    title: '{source} lesen',
    ended: '{source} gelesen',
    done: '{name} erstellt, {size}',
    damaged: 'Beschädigte Dateien: {n}',
  },
  es: {
    title: 'Leyendo {source}',
    ended: '{source} leído',
    done: 'Creado {name}, {size}',
    damaged: 'Archivos dañados: {n}',
  },
  ja: {
    title: '{source} を読み取り中',
    ended: '{source} を読み取りました',
    done: '{name} を作成しました ({size})',
    damaged: '破損ファイル: {n}',
  },
  'zh-CN': {
    title: '读取 {source}',
    ended: '已读取 {source}',
    done: '已创建 {name}，{size}',
    damaged: '损坏的文件：{n}',
  },
} satisfies JobWords
