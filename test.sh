#!/usr/bin/env bash
# Runs the tests. `./test.sh --help` says how.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

usage() {
    cat <<'HELP'
usage: ./test.sh [--all] [--only NAME] [--help]

  (nothing)    the short suite: everything but the tests marked long. Under 12 minutes on 2 cores.
  --all        everything, as CI runs it. Under 60 minutes.
  --only NAME  only the test projects whose name contains NAME, for example --only Conformance; may be repeated.

A test that belongs to the long run only bears [Trait("Category", "Long")]; the short run filters that out. Nothing else
picks tests: a test with a short and a long form is two tests over one helper.

The steps: what is needed, format, one Release build of the solution, every test project under tests/. A step that fails
counts as one failure and is named. A skipped test, and a project in which nothing ran, count as failures. Logs and trx files are
left in artifacts/tests. The last line is always "N passed, N failed"; the exit code is 0 only when nothing failed.
HELP
}

all=false
only=()
while [ $# -gt 0 ]; do
    case $1 in
        --all) all=true ;;
        --only) [ $# -ge 2 ] || { usage >&2; exit 2; }; only+=("$2"); shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "test.sh: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

readonly configuration=Release
readonly framework=net10.0
readonly results=$PWD/artifacts/tests
if $all; then readonly project_seconds_max=2400; else readonly project_seconds_max=480; fi

# Nothing of a run outlives it: no build servers, and every temporary file below one directory that goes at the end.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset AmsFast ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT
for name in $(compgen -e AMS_); do unset "$name"; done
scratch=$(mktemp -d "${TMPDIR:-/tmp}/ams-tests.XXXXXX") || exit 1
# Others may pass through, not look in: PostgreSQL does not run as root, and so has a directory of its own below.
chmod 711 "$scratch" || exit 1
export TMPDIR=$scratch
rm -rf "$results" && mkdir -p "$results" || exit 1

passed=0
failed=0
failures=()
running=() # process ids of the projects under way
broken=()  # names of the projects whose log is shown at the end
declare -A names begun

end_running() {
    # Each project runs in a process group of its own, so that whatever it started ends with it.
    local pid
    for pid in "${running[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
}
clean() {
    end_running
    rm -rf "$scratch"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

finish() {
    if [ ${#failures[@]} -gt 0 ]; then
        echo
        echo "Failed:"
        printf '  %s\n' "${failures[@]}"
    fi
    echo
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

fail_step() {
    failed=$((failed + 1))
    failures+=("$1")
    say "$1: FAILED"
}

step() { # step NAME COMMAND…: quiet while all is well, the output when it fails
    local name=$1 log=$results/$1.log started=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        say "$name: ok ($((SECONDS - started)) s)"
    else
        fail_step "$name"
        tail -n 60 "$log"
        return 1
    fi
}

# What the tests start, and the Debian package that has it.
readonly needed=(
    "timeout:coreutils"
    "setsid:util-linux"
    "setpriv:util-linux"
    "awk:mawk"
    "mount:mount"
    "fiu-run:fiu-utils"
    "node:nodejs"
    "npm:npm"
    "curl:curl"
    "python3:python3"
    "pg_ctlcluster:postgresql"
)
install_needed() {
    local entry packages=() root=()
    for entry in "${needed[@]}"; do
        command -v "${entry%%:*}" >/dev/null || packages+=("${entry##*:}")
    done
    if [ ${#packages[@]} -gt 0 ]; then
        if [ "$(id -u)" -ne 0 ]; then
            if sudo -n true 2>/dev/null; then
                root=(sudo -n)
            else
                echo "Missing Debian packages: ${packages[*]}. Install them: apt-get install ${packages[*]}"
                return 1
            fi
        fi
        if ! command -v apt-get >/dev/null; then
            echo "Missing: ${packages[*]} (Debian package names), and there is no apt-get to install them with."
            return 1
        fi
        "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" || return 1
    fi
    if ! dotnet --version; then
        echo "Missing: the .NET SDK that global.json asks for ($(grep -o '"version": *"[^"]*"' global.json)). Debian has no package of it: see https://dot.net/download"
        return 1
    fi
}

check_format() {
    dotnet tool restore && dotnet csharpier check .
}

build() {
    dotnet build Ams.sln -c "$configuration" -nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false
}

wanted() {
    local part
    [ ${#only[@]} -eq 0 ] && return 0
    for part in "${only[@]}"; do [[ $1 == *"$part"* ]] && return 0; done
    return 1
}

# The same rule as IsTestProject in Directory.Build.props.
test_projects() {
    local file name
    for file in tests/*/*.csproj; do
        name=$(basename "$file" .csproj)
        case $name in
            *.Tests | Ams.Conformance | Ams.Simulation) wanted "$name" && echo "$name" ;;
        esac
    done
}

start_project() { # in the background; its pid is its process group
    local name=$1 filter=()
    $all || filter=(--filter "Category!=Long")
    setsid timeout --kill-after=10 "$project_seconds_max" \
        dotnet test "tests/$name/bin/$configuration/$framework/$name.dll" \
        --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
        "${filter[@]}" >"$results/$name.log" 2>&1 &
    running+=($!)
    names[$!]=$name
    begun[$!]=$SECONDS
}

counter() { # counter FILE ATTRIBUTE: one figure of the trx summary
    grep -o '<Counters [^>]*' "$1" 2>/dev/null | head -1 | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9'
}

end_project() { # end_project PID EXIT_CODE
    local pid=$1 code=$2 name=${names[$1]} total good bad seconds
    seconds=$((SECONDS - begun[$1]))
    kill -KILL -- "-$pid" 2>/dev/null
    local left=() other
    for other in "${running[@]}"; do [ "$other" = "$pid" ] || left+=("$other"); done
    running=("${left[@]}")

    total=$(counter "$results/$name.trx" total)
    good=$(counter "$results/$name.trx" passed)
    total=${total:-0} good=${good:-0}
    bad=$((total - good))
    passed=$((passed + good))
    if [ "$total" -eq 0 ]; then
        failed=$((failed + 1))
        bad=1
        if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
            failures+=("$name: ended after ${project_seconds_max} s without a result")
        else
            failures+=("$name: no test ran")
        fi
    elif [ "$bad" -gt 0 ]; then
        failed=$((failed + bad))
        while IFS= read -r test; do failures+=("$name: $test"); done < <(
            grep -o '<UnitTestResult [^>]*' "$results/$name.trx" | grep -v ' outcome="Passed"' \
                | sed -E 's/.* testName="([^"]*)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort
        )
    elif [ "$code" -ne 0 ]; then
        bad=1
        failed=$((failed + 1))
        failures+=("$name: every test passed but the runner ended with exit code $code")
    fi
    if [ "$total" -gt 0 ] && [ "$bad" -eq 0 ]; then
        say "$name: $good passed ($seconds s)"
    else
        say "$name: $good passed, $bad failed ($seconds s)"
        broken+=("$name")
    fi
}

run_projects() { # run_projects AT_A_TIME NAME…
    local at_a_time=$1 pid code
    shift
    while [ $# -gt 0 ] || [ ${#running[@]} -gt 0 ]; do
        while [ $# -gt 0 ] && [ ${#running[@]} -lt "$at_a_time" ]; do
            start_project "$1"
            shift
        done
        wait -n -p pid "${running[@]}"
        code=$?
        end_project "$pid" "$code"
    done
}

step needed install_needed || finish
step format check_format
step build build || finish

together=()
alone=()
while IFS= read -r name; do
    case $name in
        # These start real processes and keep both cores busy by themselves.
        Ams.Cluster.Tests | Ams.Conformance | Ams.Simulation | Ams.Cli.Tests) alone+=("$name") ;;
        *) together+=("$name") ;;
    esac
done < <(test_projects)
[ $((${#together[@]} + ${#alone[@]})) -gt 0 ] || fail_step "no test project matches ${only[*]}"
run_projects 2 "${together[@]}"
run_projects 1 "${alone[@]}"

for name in "${broken[@]}"; do
    echo
    echo "──── $name"
    grep -vE '^(Test run for|VSTest version|Starting test execution|A total of|Results File|$)' "$results/$name.log" | head -n 400
done
finish
