using System.IO;

namespace Ember.Guests;

/// <summary>The sources of an appliance that runs one kernel and then powers off.</summary>
public static class GuestAppliance
{
    /// <summary>Writes manifest and kernel into <paramref name="folder"/>, which is made if there is none.</summary>
    /// <param name="folder">Receives them.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="more">Lines of the machine's table beside its name, memory and kernel.</param>
    public static void Write(string folder, byte[] kernel, string more = "")
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "kernel"), kernel);
        File.WriteAllText(Path.Combine(folder, "appliance.toml"), $"""
            [appliance]
            name = "guest"
            vendor = "Ember"
            product = "Boot test"
            version = "1"
            after_last_vm = "power-off"

            [[vm]]
            name = "guest"
            memory = "64MiB"
            kernel = "kernel"
            {more}
            """);
    }
}
