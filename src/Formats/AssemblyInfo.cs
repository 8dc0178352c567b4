[module: System.Runtime.CompilerServices.SkipLocalsInit]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Ember.Formats.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Ember.Fuzz.Tests")]
