package dev.thaw.scheduler.functions;

import java.io.Reader;
import java.util.Optional;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Composes a YAML document that is nested no deeper than its readers, which call themselves for each level, can go. */
final class BoundedComposer extends Composer {
    private static final int LEVELS_MAX = 100;

    private int levels;

    BoundedComposer(LoadSettings settings, Reader reader) {
        super(settings, new ParserImpl(settings, new StreamReader(settings, reader)));
    }

    @Override
    protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
        return nested(() -> super.composeSequenceNode(anchor));
    }

    @Override
    protected Node composeMappingNode(Optional<Anchor> anchor) {
        return nested(() -> super.composeMappingNode(anchor));
    }

    private <N> N nested(Supplier<N> composed) {
        if (levels == LEVELS_MAX) {
            throw new ParserException(
                    "nested deeper than " + LEVELS_MAX + " levels",
                    parser.peekEvent().getStartMark());
        }
        levels++;
        N node = composed.get();
        levels--;
        return node;
    }
}
