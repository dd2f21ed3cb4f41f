; What the installer adds to electron-builder's own, and what the uninstaller takes back: a ProgID, its place in “Open
; with”, verbs on disc images, App Paths. All of it below SHELL_CONTEXT, so that it is the person's own or the whole
; computer's, as the installation is. The default program of an ending is never touched: Windows keeps whatever the
; person chose, and there is nothing to give back.

!include "LogicLib.nsh"
!include "nsDialogs.nsh"
!include "${__FILEDIR__}/extensions.nsh"

!define ISOLDE_PROGID "Isolde.Image"
!define ISOLDE_CLASSES "Software\Classes"
!define ISOLDE_VERBS "${ISOLDE_CLASSES}\SystemFileAssociations"
!define ISOLDE_APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define ISOLDE_CAPABILITIES "Software\Isolde\Capabilities"

; One verb of one ending. Player: Explorer offers it for any number of selected files, and starts the program for each.
!macro isoldeVerb EXTENSION VERB TITLE OPTION
  WriteRegStr SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\${VERB}" "" "${TITLE}"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\${VERB}" "Icon" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}",0'
  WriteRegStr SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\${VERB}" "MultiSelectModel" "Player"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\${VERB}\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" ${OPTION}"%1"'
!macroend

!macro isoldeAddExtension EXTENSION DESCRIPTION
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\.${EXTENSION}\OpenWithProgids" "${ISOLDE_PROGID}" ""
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".${EXTENSION}" ""
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CAPABILITIES}\FileAssociations" ".${EXTENSION}" "${ISOLDE_PROGID}"
  !insertmacro isoldeVerb "${EXTENSION}" "Isolde.Open" "Open with Isolde" ""
  !insertmacro isoldeVerb "${EXTENSION}" "Isolde.ExtractHere" "Extract Here" "--extract-here "
  ; A verb in the registry has one title for every file, so that it can not name the folder.
  !insertmacro isoldeVerb "${EXTENSION}" "Isolde.ExtractTo" "Extract to Own Folder" "--extract-to-own-folder "
  !insertmacro isoldeVerb "${EXTENSION}" "Isolde.Verify" "Verify" "--verify "
!macroend

; Keys that others may have things in go only when nothing is left in them.
!macro isoldeRemoveExtension EXTENSION DESCRIPTION
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\Isolde.Open"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\Isolde.ExtractHere"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\Isolde.ExtractTo"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell\Isolde.Verify"
  DeleteRegKey /ifempty SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}\shell"
  DeleteRegKey /ifempty SHELL_CONTEXT "${ISOLDE_VERBS}\.${EXTENSION}"
  DeleteRegValue SHELL_CONTEXT "${ISOLDE_CLASSES}\.${EXTENSION}\OpenWithProgids" "${ISOLDE_PROGID}"
  DeleteRegKey /ifempty SHELL_CONTEXT "${ISOLDE_CLASSES}\.${EXTENSION}\OpenWithProgids"
  DeleteRegKey /ifempty SHELL_CONTEXT "${ISOLDE_CLASSES}\.${EXTENSION}"
!macroend

; Explorer reads all of it anew: SHCNE_ASSOCCHANGED.
!macro isoldeTellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

; PATH may be longer than a string of the installer's, so a script changes it.
!macro isoldePath ACTION
  nsExec::Exec 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\cli\path.ps1" ${ACTION} $isoldeScope "$INSTDIR\resources\cli"'
  Pop $0
!macroend

; The context is all there is to tell whose installation this is: App Data is the computer's only for the whole computer.
!macro isoldeFindScope
  StrCpy $isoldeScope "User"
  ReadEnvStr $0 "ProgramData"
  ${If} $0 == $APPDATA
    StrCpy $isoldeScope "Machine"
  ${EndIf}
!macroend

Var isoldeScope

!ifndef BUILD_UNINSTALLER
  Var isoldeWantsPath
  Var isoldeCheckbox

  ; After the folder has been chosen: whether the command line goes on PATH. Off unless the person says so.
  !macro customPageAfterChangeDir
    Page custom isoldePathPage isoldePathPageLeave
    Function isoldePathPage
      ${If} ${isUpdated}
        Abort
      ${EndIf}
      nsDialogs::Create 1018
      Pop $0
      ${NSD_CreateLabel} 0 0 100% 24u "Isolde can also be used from a terminal, as “isolde”."
      Pop $0
      ${NSD_CreateCheckbox} 0 32u 100% 12u "Add &isolde to PATH"
      Pop $isoldeCheckbox
      nsDialogs::Show
    FunctionEnd
    Function isoldePathPageLeave
      ${NSD_GetState} $isoldeCheckbox $isoldeWantsPath
    FunctionEnd
  !macroend
!endif

!macro customInstall
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\${ISOLDE_PROGID}" "" "Disc image"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\${ISOLDE_PROGID}\DefaultIcon" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}",0'
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\${ISOLDE_PROGID}\shell\open" "MultiSelectModel" "Player"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\${ISOLDE_PROGID}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CLASSES}\Applications\${APP_EXECUTABLE_FILENAME}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CAPABILITIES}" "ApplicationName" "Isolde"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_CAPABILITIES}" "ApplicationDescription" "Opens disc images the way a file manager opens folders"
  WriteRegStr SHELL_CONTEXT "Software\RegisteredApplications" "Isolde" "${ISOLDE_CAPABILITIES}"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_APP_PATHS}\${APP_EXECUTABLE_FILENAME}" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr SHELL_CONTEXT "${ISOLDE_APP_PATHS}\${APP_EXECUTABLE_FILENAME}" "Path" "$INSTDIR"
  !insertmacro isoldeForEachExtension isoldeAddExtension
  ${If} $isoldeWantsPath == ${BST_CHECKED}
    !insertmacro isoldeFindScope
    !insertmacro isoldePath Add
  ${EndIf}
  !insertmacro isoldeTellExplorer
!macroend

!macro customUnInstall
  !insertmacro isoldeForEachExtension isoldeRemoveExtension
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_CLASSES}\${ISOLDE_PROGID}"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_CLASSES}\Applications\${APP_EXECUTABLE_FILENAME}"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_CAPABILITIES}"
  DeleteRegKey /ifempty SHELL_CONTEXT "Software\Isolde"
  DeleteRegValue SHELL_CONTEXT "Software\RegisteredApplications" "Isolde"
  DeleteRegKey SHELL_CONTEXT "${ISOLDE_APP_PATHS}\${APP_EXECUTABLE_FILENAME}"
  ; An update uninstalls the version before it; what was chosen then stays chosen.
  ${IfNot} ${isUpdated}
    !insertmacro isoldeFindScope
    !insertmacro isoldePath Remove
  ${EndIf}
  !insertmacro isoldeTellExplorer
!macroend
