@echo off
rem Runs the AMS command line. Builds it first if its sources changed; needs only the .NET SDK.
setlocal
set "root=%~dp0"
set "home_=%root%artifacts\cli\windows"
if not exist "%home_%" mkdir "%home_%"
dotnet build "%root%clients\Ams.Cli" -c Release -o "%home_%\out" -nologo -v quiet -p:RunAnalyzers=false >"%home_%\log" 2>&1
if errorlevel 1 (
  echo ams: the build failed: 1>&2
  type "%home_%\log" 1>&2
  exit /b 1
)
dotnet "%home_%\out\ams.dll" %*
exit /b %errorlevel%
