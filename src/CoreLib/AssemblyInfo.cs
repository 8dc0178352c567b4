using System.Runtime.CompilerServices;

// RuntimeImport and RuntimeExport are internal in .NET too; the appliance's own assemblies may use them.
[assembly: InternalsVisibleTo("Ember.Formats")]
[assembly: InternalsVisibleTo("Ember.Platform")]
[assembly: InternalsVisibleTo("Ember.Core")]
[assembly: InternalsVisibleTo("Ember.Loader")]
[assembly: InternalsVisibleTo("Ember.TpmReader")]
