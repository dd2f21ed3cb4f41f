export const moreSettings = {
  moreSettings: {
    images: 'الصور',
    viewRule: 'الشجرة التي يُبدأ بها',
    viewRules: { auto: 'الأكثر إخبارًا', 'rock-ridge': 'Rock Ridge', joliet: 'Joliet', udf: 'UDF', iso9660: 'ISO 9660' },
    charsetNote: 'حين لا تذكره الصورة. يمكن تغييره لكل صورة.',
    kinds: 'تُفتح كالمجلدات',
    kindsNote: 'ما عداها ملفات كغيرها.',
    extraction: 'الاستخراج',
    extractTo: 'ما دام لا مجلد مفتوح بجانبها',
    extractToChoices: { beside: 'بجانب الصورة', downloads: 'التنزيلات' },
    extractIntoFolder: 'عدة عناصر في مجلد خاص بها',
    extractIntoFolderNote: 'يُسمّى باسم الصورة.',
    catalog: 'ما يُحفظ في الذاكرة',
    catalogByteLimit: 'أكبر حجم للفهرس',
    catalogNote:
      'يذهب أولًا ما لم يُفتح منذ أطول مدة. تبقى الصور ذات الملاحظات أو الوسوم أو المجموعة، وتلك التي في المجلدات المراقبة.',
    noLimit: 'بلا حد',
    catalogKeepDays: 'نسيان الصور التي لا يفتحها أحد بعد',
    never: 'لا تُنسى أبدًا',
    days: '{n} يوم | يوم واحد | يومين | {n} أيام | {n} يومًا | {n} يوم',
    catalogSize:
      'لا صور في {size} | صورة واحدة في {size} | صورتان في {size} | {n} صور في {size} | {n} صورة في {size} | {n} صورة في {size}',
    clean: 'تنظيف الآن',
    cleaning: 'جارٍ التنظيف…',
    forgotten: 'لم تُنسَ أي صورة. | نُسيت صورة واحدة. | نُسيت صورتان. | نُسيت {n} صور. | نُسيت {n} صورة. | نُسيت {n} صورة.',
  },
}
