package dev.thaw.jmh;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.infra.Control;

/**
 * What an inbox costs: an element through the queue on one thread ({@code offerPoll}, the fused layout), and from one
 * thread to another ({@code handOff}, the dedicated layout; both rows are the time per element handed over).
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// Agrona's queue reads the JDK's own Unsafe.
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InboxBenchmark {
    private static final int CAPACITY = 4096;
    private static final Object ELEMENT = new Object();

    @Param({"jctoolsMpsc", "agronaManyToOne", "concurrentLinked", "arrayBlocking"})
    public String queue;

    private Queue<Object> inbox;

    @Setup(Level.Iteration)
    public void createQueue() {
        inbox = switch (queue) {
            case "jctoolsMpsc" -> new MpscVarHandleArrayQueue<>(CAPACITY);
            case "agronaManyToOne" -> new ManyToOneConcurrentArrayQueue<>(CAPACITY);
            case "concurrentLinked" -> new ConcurrentLinkedQueue<>();
            case "arrayBlocking" -> new ArrayBlockingQueue<>(CAPACITY);
            default -> throw new IllegalArgumentException("queue is " + queue);
        };
    }

    @Benchmark
    @Group("baseline")
    @GroupThreads(1)
    public void baseline(Blackhole sink) {
        sink.consume(ELEMENT);
    }

    @Benchmark
    @Group("offerPoll")
    @GroupThreads(1)
    public Object offerPoll() {
        inbox.offer(ELEMENT);
        return inbox.poll();
    }

    @Benchmark
    @Group("handOff")
    @GroupThreads(1)
    public void offer(Control control) {
        // A full queue is waited for: every call that returns has handed over one element. The linked queue has no
        // bound; its producer is the slower side here, so it stays short.
        while (!inbox.offer(ELEMENT) && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    @Group("handOff")
    @GroupThreads(1)
    public Object poll(Control control) {
        Object element = inbox.poll();
        while (element == null && !control.stopMeasurement) {
            Thread.onSpinWait();
            element = inbox.poll();
        }
        return element;
    }
}
