import type { helpCommands as englishCommands, helpWords as englishWords } from '../en/help'

export const helpCommands: typeof englishCommands = {
  handbook: 'الدليل',
  welcome: 'صفحة الترحيب',
}

export const helpWords: typeof englishWords = {
  guide: {
    tab: 'مرحبًا',
    title: 'مرحبًا بك في Isolde',
    look: 'تجوّل فيها كما في مجلد، دون نسخها على قرص أو تحميلها كمحرك أقراص.',
    extract: 'استخراج ملفات',
    extractText: 'أخرِج كل شيء، أو ما تحتاج إليه فقط.',
    extractTitle: 'استخراج من صورة قرص',
    check: 'فحص صورة نُزّلت',
    checkText: 'هل هي كاملة، وهل هي أصلية؟',
    checkTitle: 'فحص صورة قرص',
    choose: 'اختيار',
  },
  handbook: {
    pages: 'صفحات الدليل',
  },
}
