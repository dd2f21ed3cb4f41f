import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['.cache/**', 'dist/', 'release/', 'node_modules/', 'docs/', 'test-results/', 'playwright-report/'] },
  // AssemblyScript: its compiler says what can be said of it, and the types of TypeScript are not its own.
  { ignores: ['src-main/image/codecs/assembly/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,vue}'],
    extends: [...typescript.configs.strictTypeChecked, ...typescript.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `type` for methods that cross threads: an interface has no index signature.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        {
          ignoreArrowShorthand: true,
          ignoreVoidReturningFunctions: true,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Names on discs do hold control characters; looking for them is this program's business.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.vue'],
    extends: [...vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: { 'vue/multi-word-component-names': 'off' },
  },
  {
    files: ['src-main/image/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:crypto',
              allowTypeImports: true,
              message: 'Take createHash of core/create-hash: every start of the command would load it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src-main/desktop/**/*.ts'],
    rules: {
      // Electron's classes are declared twice, as class and as interface.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Each of these has its hardened form in one place.
      'no-restricted-syntax': [
        'error',
        { selector: "Property[key.name='nodeIntegration'][value.value=true]", message: 'Pages get no Node.' },
        { selector: "Property[key.name='contextIsolation'][value.value=false]", message: 'Pages stay isolated.' },
        { selector: "Property[key.name='sandbox'][value.value=false]", message: 'Pages stay in the sandbox.' },
        { selector: "Property[key.name='webSecurity'][value.value=false]", message: 'Web security stays on.' },
        {
          selector: "MemberExpression[object.name='ipcRenderer'][property.name='sendSync']",
          message: 'Never block the page.',
        },
      ],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Playwright reads what a fixture needs off its parameter; some need nothing.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
    },
  },
  {
    files: ['scripts/**/*.mjs', 'bin/**/*.mjs', 'tests/**/*.mjs', '*.config.*', '*.cjs'],
    languageOptions: { globals: { ...globals.node } },
    rules: { 'no-console': 'off' },
  },
  prettier,
)
