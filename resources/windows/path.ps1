# Puts a folder on PATH, or takes it off again: path.ps1 Add|Remove User|Machine FOLDER
param(
  [Parameter(Mandatory)] [ValidateSet('Add', 'Remove')] [string] $Action,
  [Parameter(Mandatory)] [ValidateSet('User', 'Machine')] [string] $Scope,
  [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'
$root = if ($Scope -eq 'Machine') { [Microsoft.Win32.Registry]::LocalMachine } else { [Microsoft.Win32.Registry]::CurrentUser }
$name = if ($Scope -eq 'Machine') { 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment' } else { 'Environment' }
$key = $root.OpenSubKey($name, $true)
# Unexpanded: what others wrote as %VARIABLE% must stay that.
$before = [string] $key.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
$parts = @($before -split ';' | Where-Object { $_ -ne '' -and $_.TrimEnd('\') -ne $Folder.TrimEnd('\') })
if ($Action -eq 'Add') { $parts += $Folder }
$after = $parts -join ';'
if ($after -ne $before) {
  $key.SetValue('Path', $after, 'ExpandString')
  # A change through .NET tells every program that variables have changed; this one changes nothing.
  [Environment]::SetEnvironmentVariable('ISOLDE_PATH_CHANGED', $null, 'User')
}
$key.Close()
