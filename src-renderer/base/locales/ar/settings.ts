export const moreSettings = {
  moreSettings: {
    images: 'الصور',
    viewRule: 'العرض الافتراضي',
    viewRules: { auto: 'تلقائي', 'rock-ridge': 'Rock Ridge', joliet: 'Joliet', udf: 'UDF', iso9660: 'ISO 9660' },
    charsetNote: 'حين لا تذكره الصورة. يمكن تغييره لكل صورة.',
    kinds: 'تُفتح كالمجلدات',
    kindsNote: 'ما عداها ملفات كغيرها.',
    associations: 'الفتح من مدير الملفات',
    associationsIn: {
      web: 'لا يمكن لصفحة في المتصفح أن تكون ما تُفتح به الملفات. يعرض البرنامج المثبت نفسه لهذه الامتدادات: {extensions}.',
      win32:
        'يعرض Isolde نفسه لفتح {extensions} ولا يستأثر بأي ملف. يُغيَّر ذلك في ويندوز: الإعدادات › التطبيقات › التطبيقات الافتراضية.',
      darwin:
        'يعرض Isolde نفسه لفتح {extensions} ولا يستأثر بأي ملف. يُغيَّر ذلك في Finder: ملف › الحصول على معلومات › فتح بواسطة.',
      linux: 'يعرض Isolde نفسه لفتح {extensions} ولا يستأثر بأي ملف. يُغيَّر ذلك في مدير الملفات: خصائص › فتح باستخدام.',
    },
    unpackByteLimit: 'فك ضغط الصور حتى',
    unpackNote: 'تُفك الصور المضغوطة (‎.gz و‎.xz و‎.zst و‎.bz2) في المجلد المؤقت. لا تُفتح الصور الأكبر من ذلك.',
    asRoomAllows: 'ما دام هناك متسع',
    extraction: 'الاستخراج',
    extractTo: 'الوجهة الافتراضية',
    extractToChoices: { beside: 'بجانب الصورة', downloads: 'التنزيلات' },
    extractIntoFolder: 'إنشاء مجلد فرعي',
    extractIntoFolderNote: 'لعدة عناصر؛ ويحمل اسم الصورة.',
    catalog: 'ما يُحفظ في الذاكرة',
    indexInside: 'فهرسة ما تحتويه الصور',
    indexInsideNote:
      'مثل Windows في ملف ‎.esd أو Linux في SquashFS: يعثر البحث على ملفاتها أيضًا. «الصغيرة» تعني حتى 4 غ.ب و200,000 ملف.',
    indexInsideRules: { never: 'أبدًا', small: 'الصغيرة', always: 'دائمًا' },
    catalogByteLimit: 'أكبر حجم للفهرس',
    catalogNote:
      'يذهب أولًا ما لم يُفتح منذ أطول مدة. تبقى الصور ذات الملاحظات أو الوسوم أو المجموعة، وتلك التي في المجلدات المراقبة.',
    noLimit: 'بلا حد',
    catalogKeepDays: 'نسيان الصور غير المفتوحة منذ',
    never: 'لا تُنسى أبدًا',
    days: '{n} يوم | يوم واحد | يومين | {n} أيام | {n} يومًا | {n} يوم',
    catalogSize:
      'لا صور في {size} | صورة واحدة في {size} | صورتان في {size} | {n} صور في {size} | {n} صورة في {size} | {n} صورة في {size}',
    clean: 'تنظيف الآن',
    cleaning: 'جارٍ التنظيف…',
    forgotten: 'لم تُنسَ أي صورة. | نُسيت صورة واحدة. | نُسيت صورتان. | نُسيت {n} صور. | نُسيت {n} صورة. | نُسيت {n} صورة.',
  },
}
