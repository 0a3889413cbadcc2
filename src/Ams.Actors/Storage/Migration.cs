namespace Ams.Actors.Storage;

/// <summary>One forward step of a component's schema. Steps are numbered 1, 2, 3 …; a step that was released is never changed.</summary>
/// <param name="Component">Whose schema: <c>journal</c> or <c>control_plane</c>.</param>
/// <param name="Version">1, 2, 3 … within the component.</param>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Sqlite">The SQL for SQLite.</param>
/// <param name="Postgres">The SQL for PostgreSQL.</param>
internal sealed record Migration(string Component, int Version, string Name, string Sqlite, string Postgres);
