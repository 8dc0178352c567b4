using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>The JSON Schema of appliance.toml, with which editors complete and check it.</summary>
public static class ManifestSchema
{
    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The keys of every table, by the table's name.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<ManifestKey>> Tables { get; } = CreateTables();

    /// <summary>The schema as JSON, ending with a line end.</summary>
    public static string ToJson()
    {
        JsonObject root = Root(isWhole: true);
        root["properties"]![ManifestVariants.Key] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Other models of the appliance: what is different in them.",
            ["additionalProperties"] = Root(isWhole: false),
        };
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://ember.invalid/appliance.schema.json",
            ["title"] = "appliance.toml",
        };
        foreach (KeyValuePair<string, JsonNode?> member in root)
        {
            schema[member.Key] = member.Value?.DeepClone();
        }

        return schema.ToJsonString(_layout) + "\n";
    }

    private static JsonObject Root(bool isWhole)
    {
        JsonObject signing = ManifestKey.Table(Tables["signing"]);
        JsonObject secureBoot = ManifestKey.Table(Tables["signing"]);
        secureBoot["description"] = "Another key for loader and core, the one that firmware trusts.";
        signing["properties"]!["secure_boot"] = secureBoot;
        JsonObject budget = ManifestKey.Table(Tables["budget"]);
        budget["properties"]!["namespaces"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "The most bytes of each namespace with all under it.",
            ["additionalProperties"] = Size(),
        };
        JsonObject root = new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["appliance"] = ManifestKey.Table(Tables["appliance"], isWhole),
                ["image"] = ManifestKey.Table(Tables["image"]),
                ["signing"] = signing,
                ["budget"] = budget,
                ["vm"] = Array(ManifestKey.Table(Tables["vm"], isWhole)),
                ["board"] = ManifestKey.Table(Tables["board"], isWhole),
                ["lab"] = ManifestKey.Table(Tables["lab"]),
            },
        };
        if (isWhole)
        {
            root["required"] = new JsonArray("appliance", "vm");
        }

        return root;
    }

    private static Dictionary<string, IReadOnlyList<ManifestKey>> CreateTables() => new()
    {
        ["appliance"] =
        [
            new("name", "The appliance's short name: letters, digits, '-', '_' and '.'.", Text(), IsRequired: true),
            new("vendor", "Who makes it.", Text(), IsRequired: true),
            new("product", "What its maker calls it, up to 31 characters.", Text(), IsRequired: true),
            new("version", "The product's version, up to 15 characters.", Text(), IsRequired: true),
            new("security_version", "Raise it when older versions must not run any more.", Number(0, uint.MaxValue)),
            new("after_last_vm", "What happens when the last virtual machine has stopped.", Words("power-off", "stay")),
        ],
        ["image"] =
        [
            new("layout", "How the key is divided.", Words("standard", "compact-16", "compact-32", "compact-64")),
            new("size", "The most of the whole image, whole MiB; the banks share it.", Size()),
            new("bank_size", "Of each bank, whole MiB.", Size()),
            new("erase_block", "What partitions begin at multiples of.", Size()),
            new("second_bank", "What the second bank holds at first.", Words("copy", "empty")),
            new("label", "Volume label of the EFI system partition, up to 11 characters.", Text()),
        ],
        ["signing"] =
        [
            new("key", "The private key, a PEM file.", Text()),
            new("certificate", "The key's certificate and any above it, a PEM file.", Text()),
            new("pkcs12", "A PKCS #12 file with key and certificate.", Text()),
            new("pkcs11", "A key in a token.", Texts("module", "token", "key", "certificate")),
        ],
        ["budget"] =
        [
            new("core", "The most bytes of core.efi.", Size()),
            new("growth", "The most bytes that core.efi may have more than the baseline.", Size()),
            new("baseline", "A footprint that was saved of an earlier build.", Text()),
        ],
        ["vm"] =
        [
            new("name", "Its name, unique in the manifest.", Text(), IsRequired: true),
            new("memory", "A multiple of 2MiB, 16MiB to 3GiB.", Size(), IsRequired: true),
            new("cpus", "Virtual processors.", Number(1, PlanMachine.MaximumProcessorCount)),
            new("boot", "How the kernel is started.", Words("linux", "pvh", "multiboot")),
            new("kernel", "A file, or the kernel in a Debian package.", Either(Text(), Texts("debian")), IsRequired: true),
            new("initrd", "A file, or one made of busybox and a script.", Either(Text(), Texts("busybox"))),
            new("modules", "Files that a pvh or multiboot kernel finds in memory.", Array(Either(Text(), Texts("file", "text")))),
            new("command_line", "The kernel's command line.", Text()),
            new("restart", "What happens when it has ended.", Words("never", "on-failure", "always")),
            new("start", "Whether it starts with the appliance.", new JsonObject { ["type"] = "boolean" }),
            new("weight", "Its share of processors that are short.", Number(1, PlanMachine.MaximumWeight)),
            new("cap", "The most it may use, in percent of one processor.", Number(1, PlanMachine.MaximumCap)),
            new("pin", "The server's processors that it may run on.", Array(Number(0, PlanMachine.AffinityProcessors - 1))),
        ],
        ["board"] =
        [
            new("sources", "The folder with the vendor's own C# for the board.", Text(), IsRequired: true),
        ],
        ["lab"] =
        [
            new(
                "crash",
                "The fault that a validation lab wants to see.",
                Words("none", "invalid-opcode", "page-fault", "stack-overflow", "check-failed")),
        ],
    };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Size() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(KiB|MiB|GiB|TiB)$" };

    private static JsonObject Number(long least, long most) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    private static JsonObject Words(params string[] words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    private static JsonObject Texts(params string[] keys) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key, Text()))),
    };

    private static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };
}
