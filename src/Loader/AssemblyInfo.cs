[module: System.Runtime.CompilerServices.SkipLocalsInit]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Ember.Loader.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Ember.Fuzz.Tests")]
